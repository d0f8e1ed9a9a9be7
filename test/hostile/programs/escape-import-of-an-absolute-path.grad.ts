// Ends: rejected /Cannot find module|outside|not/
import text from "/etc/passwd";
print("leaked", text);
