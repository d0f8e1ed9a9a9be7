// Ends: failed /undefined/
throw undefined;
