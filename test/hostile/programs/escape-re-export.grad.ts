// Ends: rejected /Cannot find module|outside|not/
export * from "node:child_process";
