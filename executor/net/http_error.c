/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sentences for what can go wrong below HTTP. A status such as 404 is a reply,
 * not an error, and is no business of this file.
 */
#include "executor/net/http_error.h"

#include "executor/base/mem.h"

#include <curl/curl.h>
#include <errno.h>
#include <string.h>

/* X509_V_ERR_*, which are part of OpenSSL's stable interface; its headers are
 * not needed for eight numbers. */
static const struct {
	long code;
	const char *why, *remedy;
} certificates[] = {
	{ 9, "the certificate is not yet valid", "check this machine's clock" },
	{ 10, "the certificate has expired",
	  "renew the server's certificate, or check this machine's clock" },
	{ 18, "the certificate is self-signed",
	  "add it to a CA file and name that in SSL_CERT_FILE" },
	{ 19, "the certificate comes from an authority not trusted here",
	  "add that authority to a CA file and name it in SSL_CERT_FILE" },
	{ 20, "the certificate comes from an authority not trusted here",
	  "add that authority to a CA file and name it in SSL_CERT_FILE" },
	{ 21, "the server does not send the chain of its certificate",
	  "let the server send its intermediate certificates" },
	{ 23, "the certificate has been revoked", "" },
	{ 62, "the certificate is for another name",
	  "use the name that the certificate is for" },
	{ 64, "the certificate is for another address",
	  "use the name that the certificate is for" },
};

static const char *proxy_hint(const struct http_failure *f)
{
	return f->proxied ? ", or the proxy in https_proxy, http_proxy or "
			    "all_proxy"
			  : "";
}

static void untrusted(const struct http_failure *f, struct err *err)
{
	bool name = strstr(f->detail, "does not match") ||
		    strstr(f->detail, "no alternative certificate");
	long verify = name ? 62 : f->verify;

	for (size_t i = 0; i < ARRAY_LEN(certificates); i++) {
		if (certificates[i].code != verify)
			continue;
		err_set(err, ERR_UNAVAILABLE, "%s is not trusted: %s",
			f->origin, certificates[i].why);
		err_try(err, "%s", certificates[i].remedy);
		return;
	}
	err_set(err, ERR_UNAVAILABLE, "%s is not trusted: %s", f->origin,
		f->detail);
}

static void unreachable(const struct http_failure *f, struct err *err)
{
	if (f->os_errno == ECONNREFUSED) {
		err_set(err, ERR_UNAVAILABLE,
			"connection to %s refused: nothing listens there",
			f->origin);
		err_try(err, "check the address and that the service runs%s",
			proxy_hint(f));
		return;
	}
	if (f->os_errno)
		err_set(err, ERR_UNAVAILABLE, "no connection to %s: %s",
			f->origin, strerror((int)f->os_errno));
	else
		err_set(err, ERR_UNAVAILABLE, "no connection to %s: %s",
			f->origin, f->detail);
	err_try(err, "check the address and the network%s", proxy_hint(f));
}

static void broken(const struct http_failure *f, struct err *err)
{
	bool plain = strstr(f->detail, "wrong version number") ||
		     strstr(f->detail, "packet length too long");

	if (f->code == CURLE_GOT_NOTHING)
		err_set(err, ERR_UNAVAILABLE,
			"%s closed the connection without an answer",
			f->origin);
	else if (f->code == CURLE_SSL_CONNECT_ERROR)
		err_set(err, ERR_UNAVAILABLE, "no TLS with %s: %s", f->origin,
			f->detail);
	else if (f->code == CURLE_UNSUPPORTED_PROTOCOL ||
		 f->code == CURLE_WEIRD_SERVER_REPLY)
		err_set(err, ERR_UNAVAILABLE, "%s does not speak HTTP: %s",
			f->origin, f->detail);
	else
		err_set(err, ERR_UNAVAILABLE,
			"the connection to %s broke off: %s", f->origin,
			f->detail);
	if (plain)
		err_try(err,
			"the server seems to speak plain HTTP: use http://");
}

static void late(const struct http_failure *f, struct err *err)
{
	if (f->connected) {
		err_set(err, ERR_DEADLINE, "%s did not answer in time",
			f->origin);
		return;
	}
	err_set(err, ERR_DEADLINE, "no connection to %s in time", f->origin);
	err_try(err, "check the address and the network%s", proxy_hint(f));
}

bool http_error(const struct http_failure *f, struct err *err)
{
	switch (f->code) {
	case CURLE_COULDNT_RESOLVE_HOST:
		err_set(err, ERR_UNAVAILABLE,
			"the host of %s cannot be found: no such name, or no "
			"network",
			f->origin);
		err_try(err, "check the name and the network");
		return false;
	case CURLE_COULDNT_RESOLVE_PROXY:
		err_set(err, ERR_UNAVAILABLE,
			"the proxy for %s cannot be found", f->origin);
		err_try(err, "check https_proxy, http_proxy and all_proxy");
		return false;
	case CURLE_COULDNT_CONNECT:
		unreachable(f, err);
		return false;
	case CURLE_OPERATION_TIMEDOUT:
		late(f, err);
		return false;
	case CURLE_PEER_FAILED_VERIFICATION:
		untrusted(f, err);
		return true;
	case CURLE_SSL_CACERT_BADFILE:
		err_set(err, ERR_UNAVAILABLE,
			"the file of trusted certificates, %s, cannot be read",
			f->ca_file ? f->ca_file : "");
		err_try(err, "install ca-certificates, or name another file in "
			     "SSL_CERT_FILE");
		return true;
	case CURLE_URL_MALFORMAT:
		err_set(err, ERR_INVALID,
			"%s is not a URL that can be used: %s", f->origin,
			f->detail);
		return true;
	default:
		broken(f, err);
		return false;
	}
}
