// Ends: rejected /Cannot find module|outside|Save this program first/
import text from "../../../../../../etc/passwd";
print("leaked", text);
