// Ends: rejected /Cannot find module|outside|not/
import text from "file:///etc/passwd";
print("leaked", text);
