// kinesis-local listens on every interface and has no option for that: hold it to loopback.
const net = require("net");
const listen = net.Server.prototype.listen;
net.Server.prototype.listen = function (first, ...rest) {
  const callback = rest.find((argument) => typeof argument === "function");
  const port = typeof first === "object" && first !== null ? first.port : first;
  return listen.call(this, { port, host: "127.0.0.1" }, callback);
};
