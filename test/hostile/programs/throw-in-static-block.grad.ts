// Ends: failed /block/
class A { static { throw new Error("block"); } }
