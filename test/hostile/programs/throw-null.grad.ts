// Ends: failed /null/
throw null;
