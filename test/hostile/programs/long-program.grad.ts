// Ends: stopped probes
// Limits: time 30000
// At: 20000
// Source: Array.from({ length: 50000 }, (_, i) => `const a${i} = ${i}`).join("\n")
