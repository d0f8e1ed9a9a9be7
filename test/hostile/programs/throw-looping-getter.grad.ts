// Ends: failed /./ or stopped time
// Limits: time 400
throw { get message() { for (;;); }, get stack() { for (;;); }, get name() { for (;;); } };
