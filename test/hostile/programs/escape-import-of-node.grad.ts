// Ends: rejected /Cannot find module/
import fs from "node:fs";
fs.writeFileSync("written-by-a-program", "leaked");
