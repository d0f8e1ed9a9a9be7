// Ends: rejected /./
// Source: "\u0000\u0001\uffff\ud800 const = \u202e"
