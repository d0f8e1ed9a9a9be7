export * from "./generated/masked";
