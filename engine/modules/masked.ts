import * as masked from "../masked";

export * from "../masked";
export default masked;
