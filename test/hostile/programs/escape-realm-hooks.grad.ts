// Ends: failed /ShadowRealm is not defined/
print("leaked", new (ShadowRealm as any)().evaluate("1"));
