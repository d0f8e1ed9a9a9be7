// Every file of entries; importing this defines all operators.
import { installMethods } from "../op/define";
import { installOperators } from "../operators";
import "./arithmetic";
import "./comparison";
import "./creation";
import "./indexing";
import "./linear_algebra";
import "./loss";
import "./pointwise";
import "./reduction";
import "./views";

installMethods();
installOperators();
