/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * libcurl by dlopen. Linking it costs 8 ms at every start of a program, also
 * of those that never speak HTTP; so its functions are looked up at first use,
 * and only its types come from its header.
 */
#include "executor/base/err.h"

#include <curl/curl.h>

/* The functions of libcurl that Coop calls, without the curl_ in front. */
#define CURL_API_TABLE(X)                                                      \
	X(global_init)                                                         \
	X(version_info)                                                        \
	X(getdate)                                                             \
	X(slist_append)                                                        \
	X(slist_free_all)                                                      \
	X(easy_init)                                                           \
	X(easy_cleanup)                                                        \
	X(easy_setopt)                                                         \
	X(easy_getinfo)                                                        \
	X(easy_strerror)                                                       \
	X(multi_init)                                                          \
	X(multi_cleanup)                                                       \
	X(multi_setopt)                                                        \
	X(multi_assign)                                                        \
	X(multi_add_handle)                                                    \
	X(multi_remove_handle)                                                 \
	X(multi_socket_action)                                                 \
	X(multi_info_read)

struct curl_api {
#define CURL_API_FIELD(name) __typeof__(curl_##name) *name;
	CURL_API_TABLE(CURL_API_FIELD)
#undef CURL_API_FIELD
};

/*
 * Loads the library named `soname` (NULL: libcurl.so.4) and fills *api; it
 * stays loaded until the process ends. -ERR_UNSUPPORTED, with the package to
 * install as remedy, when it is absent or older than 7.85.
 */
int curl_api_load(struct curl_api *api, const char *soname, struct err *err);
