import * as data from "./data_names";

export * from "./data_names";
export default data;
