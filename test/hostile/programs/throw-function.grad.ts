// Ends: failed /Uncaught/
throw () => 1;
