// Ends: rejected /./ or failed /./
with ({ a: 1 }) { print(a); }
