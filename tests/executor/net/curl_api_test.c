/* SPDX-License-Identifier: Apache-2.0 */
/* libcurl is found, and its absence is told in words. */
#include "executor/net/curl_api.h"

#include "tests/tap.h"

#include <string.h>

static void loads(void)
{
	struct curl_api api = { 0 };

	REQUIRE(curl_api_load(&api, NULL, NULL) == 0);
	CHECK(api.version_info(CURLVERSION_NOW)->version_num >= 0x075500);
	CHECK(api.multi_socket_action);
}

static void absent(void)
{
	static const char *const names[] = { "libcurl-absent.so.4",
					     "libc.so.6" };

	for (int i = 0; i < 2; i++) {
		struct curl_api api = { 0 };
		struct err err = { 0 };

		CHECK_INT(curl_api_load(&api, names[i], &err),
			  -ERR_UNSUPPORTED);
		CHECK(strstr(err.text, names[i]));
		CHECK(strstr(err.remedy, "libcurl4"));
		CHECK(!api.easy_init);
	}
}

int main(int argc, char **argv)
{
	static const struct tap_test tests[] = { TEST(loads),
						 TEST(absent),
						 { 0 } };

	return tap_main(tests, argc, argv);
}
