// Ends: failed /Invalid array length/ or done
const list: any[] = [];
list.length = 2 ** 32 - 1;
list.push(1);
