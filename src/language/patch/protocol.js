// biome-ignore-all lint/correctness/noUnusedVariables: used where scripts/patch-typescript.mjs inserts them
// Inserted into `createTypeChecker` by scripts/patch-typescript.mjs. Free names are the checker's.
// An operator or index that has no meaning in TypeScript resolves to the operand's protocol method.

/**
 * The type of a binary operator or compound assignment under the protocol; undefined where it has
 * only TypeScript's own meaning. An error is reported here, once, and gives `errorType`.
 */
function checkOperatorProtocol(left, operatorToken, right, leftType, rightType, errorNode) {
  const names = operatorProtocol.get(operatorToken.kind);
  if (!names) return undefined;
  if (leftType === silentNeverType || rightType === silentNeverType) return silentNeverType;
  const lefts = operandTypes(leftType);
  const rights = operandTypes(rightType);
  if (![...lefts, ...rights].some((type) => followsProtocol(type, names))) {
    const dynamic = checkDynamicOperator(leftType, rightType);
    if (dynamic || operatorToken.kind !== SyntaxKind.AtToken) return dynamic;
  }
  if ((leftType.flags | rightType.flags) & TypeFlags.Never) return neverType;
  const presentRights = operandTypes(checkNonNullType(rightType, right));
  const results = [];
  for (const l of operandTypes(checkNonNullType(leftType, left))) {
    for (const r of presentRights) {
      const result = operatorResult(operatorToken.kind, names, l, r);
      if (!result) {
        error2(
          errorNode || operatorToken,
          Diagnostics.Operator_0_cannot_be_applied_to_types_1_and_2,
          tokenToString(operatorToken.kind),
          ...getTypeNamesForErrorDisplay(
            getBaseTypeOfLiteralType(leftType),
            getBaseTypeOfLiteralType(rightType),
          ),
        );
        return errorType;
      }
      results.push(result);
    }
  }
  return getUnionType(results);
}

/**
 * An operand of type `any` may be a tensor when the program runs, so the result is `any`: TypeScript
 * would say `number`. Undefined where neither operand is `any`, or the other one cannot take part.
 */
function checkDynamicOperator(leftType, rightType) {
  if (!isTypeAny(leftType) && !isTypeAny(rightType)) return undefined;
  const other = isTypeAny(leftType) ? rightType : leftType;
  if (other.flags & TypeFlags.Nullable || !isTypeAssignableTo(other, numberOrBigIntType)) return undefined;
  return isErrorType(leftType) || isErrorType(rightType) ? errorType : anyType;
}

/** One pair of operand types, no unions; undefined if the operator does not apply to them. */
function operatorResult(operator, names, left, right) {
  if (!followsProtocol(left, names) && !followsProtocol(right, names)) {
    return builtInOperatorResult(operator, left, right);
  }
  return (
    protocolCall(left, names.inPlace, [right]) ??
    protocolCall(left, names.method, [right]) ??
    // JavaScript's string on the left takes anything, as Python's str would refuse everything.
    (isTextConcatenation(operator) && isOfKind(left, TypeFlags.StringLike) ? stringType : undefined) ??
    protocolCall(right, names.reflected, [left]) ??
    (isTypeAny(left) || isTypeAny(right) ? anyType : undefined)
  );
}

function builtInOperatorResult(operator, left, right) {
  if (operator === SyntaxKind.AtToken) return undefined;
  if (isTypeAny(left) || isTypeAny(right)) return anyType;
  const both = (kind) => isOfKind(left, kind) && isOfKind(right, kind);
  const comparison = operator >= SyntaxKind.LessThanToken && operator <= SyntaxKind.GreaterThanEqualsToken;
  if (comparison) {
    const numeric = both(TypeFlags.NumberLike | TypeFlags.BigIntLike);
    return numeric || areTypesComparable(left, right) ? booleanType : undefined;
  }
  if (both(TypeFlags.NumberLike)) return numberType;
  if (both(TypeFlags.BigIntLike)) return bigintType;
  const text = isOfKind(left, TypeFlags.StringLike) || isOfKind(right, TypeFlags.StringLike);
  return text && isTextConcatenation(operator) ? stringType : undefined;
}

function isOfKind(type, kind) {
  return isTypeAssignableToKind(type, kind, /*strict*/ true);
}

function isTextConcatenation(operator) {
  return operator === SyntaxKind.PlusToken || operator === SyntaxKind.PlusEqualsToken;
}

/** The type of `-x`, `+x` or `~x` under the protocol; undefined where it has only TypeScript's meaning. */
function checkUnaryOperatorProtocol(node, operandType) {
  const method = unaryOperatorProtocol.get(node.operator);
  if (!method) return undefined;
  if (isTypeAny(operandType)) return operandType;
  if (!operandTypes(operandType).some((type) => protocolMethod(type, method))) return undefined;
  return mapType(
    getUnionType(operandTypes(checkNonNullType(operandType, node.operand))),
    (type) => protocolCall(type, method, []) ?? getUnaryResultType(type),
  );
}

/**
 * The type of `x[i, j]` for types that declare `__getitem__(...indices)` and, to be assigned,
 * `__setitem__(indices, value)`; as an assignment target, the type of `value`. Undefined for
 * ordinary objects, and for symbols and names of properties, which keep their meaning.
 */
function checkElementAccessProtocol(node, objectType) {
  const types = operandTypes(objectType);
  if (!types.some((type) => protocolMethod(type, "__getitem__"))) {
    checkUnusedIndices(node, objectType);
    return undefined;
  }
  const indices = indexExpressions(node.argumentExpression);
  const indexTypes = indices.map((index) => checkExpression(index));
  if (indices.length === 1 && types.every((type) => isPropertyKey(type, indexTypes[0]))) return undefined;
  const target = getAssignmentTargetKind(node);
  return getUnionType(
    types.map((type) => {
      if (!protocolMethod(type, "__getitem__")) {
        const flags = target === 0 ? AccessFlags.ExpressionPosition : AccessFlags.Writing;
        return getIndexedAccessTypeOrUndefined(type, last(indexTypes), flags, node) ?? errorType;
      }
      const written = target === 0 ? undefined : setItemValueType(node, type, indices, indexTypes);
      return target === 1 ? written : getItemType(node, type, indices, indexTypes);
    }),
  );
}

function getItemType(node, type, indices, indexTypes) {
  const signatures = protocolSignatures(type, "__getitem__");
  const result = callResultType(signatures, indexTypes);
  if (result) return result;
  return reportIndex(node, indices, indexTypes, (indexType, position) =>
    signatures.some((signature) => isTypeAssignableTo(indexType, getTypeAtPosition(signature, position))),
  );
}

function setItemValueType(node, type, indices, indexTypes) {
  const signatures = protocolSignatures(type, "__setitem__");
  if (signatures.length === 0) {
    error2(node, Diagnostics.Index_signature_in_type_0_only_permits_reading, typeToString(type));
    return errorType;
  }
  const accepts = (signature, indexType) => {
    const element = getIndexTypeOfType(getTypeAtPosition(signature, 0), numberType);
    return element !== undefined && isTypeAssignableTo(indexType, element);
  };
  const signature = signatures.find((candidate) => indexTypes.every((type) => accepts(candidate, type)));
  if (signature) return getTypeAtPosition(signature, 1);
  return reportIndex(node, indices, indexTypes, (indexType) =>
    signatures.some((candidate) => accepts(candidate, indexType)),
  );
}

/** For ordinary objects the comma in `a[i, j]` is JavaScript's: only `j` counts, which is a mistake. */
function checkUnusedIndices(node, objectType) {
  const { argumentExpression } = node;
  if (isTypeAny(objectType) || !isIndexList(argumentExpression)) return;
  if (isSideEffectFree(argumentExpression.left)) {
    error2(
      argumentExpression.left,
      Diagnostics.Left_side_of_comma_operator_is_unused_and_has_no_side_effects,
    );
  }
}

/** Marks the first index that no signature accepts; all of them if it is their number. */
function reportIndex(node, indices, indexTypes, accepted) {
  const position = indexTypes.findIndex((type, i) => !accepted(type, i));
  const widened = indexTypes.map((indexType) => getBaseTypeOfLiteralType(indexType));
  error2(
    position < 0 ? node.argumentExpression : indices[position],
    Diagnostics.Type_0_cannot_be_used_as_an_index_type,
    typeToString(position < 0 ? createTupleType(widened) : widened[position]),
  );
  return errorType;
}

function isPropertyKey(type, indexType) {
  if (isOfKind(indexType, TypeFlags.ESSymbolLike)) return true;
  return (
    !!(indexType.flags & TypeFlags.StringLiteral) &&
    !!getPropertyOfType(type, escapeLeadingUnderscores(indexType.value))
  );
}

/** The members of a union (or of a type parameter's constraint), literals widened, each once. */
function operandTypes(type) {
  const resolved =
    type.flags & TypeFlags.Instantiable ? (getBaseConstraintOfType(type) ?? unknownType) : type;
  if (!(resolved.flags & TypeFlags.Union) || resolved.flags & TypeFlags.Boolean) {
    return [getBaseTypeOfLiteralType(resolved)];
  }
  return [...new Set(resolved.types.map((member) => getBaseTypeOfLiteralType(member)))];
}

function followsProtocol(type, names) {
  return !!(
    protocolMethod(type, names.method) ||
    protocolMethod(type, names.reflected) ||
    protocolMethod(type, names.inPlace)
  );
}

function protocolMethod(type, name) {
  const declares = name && type.flags & (TypeFlags.Object | TypeFlags.Intersection);
  return declares ? getPropertyOfType(type, escapeLeadingUnderscores(name)) : undefined;
}

function protocolSignatures(type, name) {
  const method = protocolMethod(type, name);
  return method ? getSignaturesOfType(getTypeOfSymbol(method), SignatureKind.Call) : emptyArray;
}

function protocolCall(type, name, argumentTypes) {
  return callResultType(protocolSignatures(type, name), argumentTypes);
}

/** The return type of the first applicable overload, an exact fit before an assignable one. */
function callResultType(signatures, argumentTypes) {
  for (const isRelated of signatures.length > 1
    ? [isTypeSubtypeOf, isTypeAssignableTo]
    : [isTypeAssignableTo]) {
    for (const candidate of signatures) {
      const signature = candidate.typeParameters ? inferredSignature(candidate, argumentTypes) : candidate;
      const fits =
        argumentTypes.length >= getMinArgumentCount(signature) &&
        (hasEffectiveRestParameter(signature) || argumentTypes.length <= getParameterCount(signature)) &&
        argumentTypes.every((type, i) => isRelated(type, getTypeAtPosition(signature, i)));
      if (fits) return getReturnTypeOfSignature(signature);
    }
  }
  return undefined;
}

function inferredSignature(signature, argumentTypes) {
  const context = createInferenceContext(signature.typeParameters, signature, InferenceFlags.None);
  argumentTypes.forEach((type, i) => {
    inferTypes(context.inferences, type, getTypeAtPosition(signature, i));
  });
  return getSignatureInstantiation(signature, getInferredTypes(context), /*isJavascript*/ false);
}
