import * as checkpoint from "../../utils/checkpoint";

export * from "../../utils/checkpoint";
export default checkpoint;
