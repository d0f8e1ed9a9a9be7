export * from "./generated/linalg";
