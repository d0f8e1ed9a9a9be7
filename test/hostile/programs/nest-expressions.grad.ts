// Ends: failed /./ or rejected /./ or done
// Source: ("(").repeat(20000) + "1" + (")").repeat(20000)
