// SPDX-License-Identifier: Apache-2.0
// An HTTPS server on 127.0.0.1 for tests: tls_server.js DIR h1|h2. DIR holds
// key.pem and cert.pem. Prints "listening PORT"; ends when its standard input
// does. Answers {"version","connections"}: the protocol's version and how many
// connections there have been; /slow waits 100 ms before the body.
'use strict';
const fs = require('fs');
const http2 = require('http2');
const https = require('https');

const [dir, protocol] = process.argv.slice(2);
const options = {
	key: fs.readFileSync(`${dir}/key.pem`),
	cert: fs.readFileSync(`${dir}/cert.pem`),
	allowHTTP1: true,
};
let connections = 0;

function answer(request, response) {
	const text = JSON.stringify({ version: request.httpVersion, connections });

	response.writeHead(200, { 'Content-Type': 'application/json' });
	response.flushHeaders();
	setTimeout(() => response.end(text), request.url === '/slow' ? 100 : 0);
}

const server = protocol === 'h2' ? http2.createSecureServer(options, answer) :
	https.createServer(options, answer);
server.on('secureConnection', () => connections++);
server.on('tlsClientError', () => {});
server.listen(0, '127.0.0.1', () =>
	console.log(`listening ${server.address().port}`));
process.stdin.on('end', () => process.exit(0)).resume();
