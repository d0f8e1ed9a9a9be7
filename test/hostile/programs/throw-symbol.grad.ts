// Ends: failed /Symbol\(odd\)/
throw Symbol("odd");
