// Ends: stopped output or stopped time or stopped memory
// Limits: output 100000 memory 600 time 400
const list = new Array(3e6).fill("some text to print");
print(list);
