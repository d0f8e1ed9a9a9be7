/** The one global through which the program thread enters a realm. A program that calls it gets undefined. */
export const ENTRY = "$gradlens";
