export * from "./generated/special";
