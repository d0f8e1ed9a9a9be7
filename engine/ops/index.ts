// Every file of entries; importing this defines all operators.
import { installMethods } from "../op/define";
import { installOperators } from "../operators";
import "./arithmetic";
import "./bitwise";
import "./comparison";
import "./creation";
import "./cumulative";
import "./distance";
import "./einsum";
import "./indexing";
import "./linear_algebra";
import "./loss";
import "./norm";
import "./pointwise";
import "./reduction";
import "./rounding";
import "./selection";
import "./softmax";
import "./sorting";
import "./special";
import "./statistics";
import "./trigonometry";
import "./views";

installMethods();
installOperators();
