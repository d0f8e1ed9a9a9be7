// Ends: done
// Prints: "\u2028 \u2029 \ud800 \u202e\n"
const text = "\u2028 \u2029 \ud800 \u202e";
print(text);
