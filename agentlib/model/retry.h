/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * When a call to a model service is tried again, and after how long: pure
 * rules, the same as the vendors' own clients have.
 */
#include <stdbool.h>
#include <stdint.h>

enum retry_advice { RETRY_UNSAID, RETRY_YES, RETRY_NO }; /* x-should-retry */

struct retry_facts {
	int status;     /* of HTTP; 0: no reply came */
	bool permanent; /* an error that does not go away */
	bool given;     /* text has reached the caller already */
	bool quota;     /* 429 that says the account is empty */
	enum retry_advice advice;
};

/* Whether the call is worth repeating. */
bool retry_wanted(const struct retry_facts *f);

/*
 * Milliseconds to wait before try `attempt` (1: the first repetition): what
 * the server asked for (`retry_after_ms`, UINT64_MAX: nothing), else 0.5 s
 * doubled each time up to 8 s, less up to a quarter by `random`. UINT64_MAX when
 * the server asks for more than a minute: then it is better to say so.
 */
uint64_t retry_delay_ms(unsigned attempt, uint64_t retry_after_ms,
			uint32_t random);
