// Ends: failed /Uncaught/
const { proxy, revoke } = Proxy.revocable({}, {});
revoke();
throw proxy;
