import * as utils from "./utils/utils_names";

export * from "./utils/utils_names";
export default utils;
