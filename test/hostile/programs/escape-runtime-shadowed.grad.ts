// Ends: rejected /reserved/
// Tries: names that compiled code uses.
const $ = 1;
const $$$ = 2;
const a = $ + $$$;
print(a, [5][0]);
