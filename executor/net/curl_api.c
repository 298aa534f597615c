/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Finds libcurl and its functions at run time. Knows nothing of requests.
 */
#include "executor/net/curl_api.h"

#include "executor/base/mem.h"

#include <dlfcn.h>
#include <stddef.h>

#define SONAME "libcurl.so.4"

/* 7.85 brought CURLOPT_PROTOCOLS_STR; 7.84 a thread-safe global_init. */
#define OLDEST 0x075500

#define STRING(x) #x
#define CURL_API_SYMBOL(name)                                                  \
	{ "curl_" STRING(name), offsetof(struct curl_api, name) },

static const struct {
	const char *symbol;
	size_t offset;
} symbols[] = { CURL_API_TABLE(CURL_API_SYMBOL) };

static int missing(struct err *err, const char *soname, const char *why)
{
	err_set(err, ERR_UNSUPPORTED, "HTTP needs %s: %s", soname, why);
	return err_try(err, "install libcurl 7.85 or newer "
			    "(Debian: apt-get install libcurl4)");
}

int curl_api_load(struct curl_api *api, const char *soname, struct err *err)
{
	struct curl_api found = { 0 };
	void *library;

	if (!soname)
		soname = SONAME;
	/* NODELETE: OpenSSL's exit handlers must not find their code gone. */
	library = dlopen(soname, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
	if (!library)
		return missing(err, soname, "it is not installed");
	for (size_t i = 0; i < ARRAY_LEN(symbols); i++) {
		void **slot = (void **)((char *)&found + symbols[i].offset);

		*slot = dlsym(library, symbols[i].symbol);
		if (!*slot)
			return missing(err, soname, "it lacks a function");
	}
	if (found.version_info(CURLVERSION_NOW)->version_num < OLDEST)
		return missing(err, soname, "it is too old");
	if (found.global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		return missing(err, soname, "it does not start");
	*api = found;
	return 0;
}
