// Ends: done
// Prints: "<img src=x onerror=alert(1)> [x](command:workbench.action.quit) $(bug)\n"
const name = "<img src=x onerror=alert(1)>";
const link = "[x](command:workbench.action.quit)";
print(name, link, "$(bug)");
