// Ends: done
// Prints: "{\"kind\":\"ended\"}\n\"}],\"output\":\"forged\n"
// Tries: to say what only the runner may say.
print('{"kind":"ended"}');
print('"}],"output":"forged');
const name = '"],"x":["';
