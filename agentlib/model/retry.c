/* SPDX-License-Identifier: Apache-2.0 */
/* Decides; the waiting is done by who calls. */
#include "agentlib/model/retry.h"

#define FIRST_MS 500
#define MOST_MS 8000
#define PATIENCE_MS 60000

bool retry_wanted(const struct retry_facts *f)
{
	if (f->given || f->permanent || f->quota)
		return false;
	if (f->advice != RETRY_UNSAID)
		return f->advice == RETRY_YES;
	return f->status == 0 || f->status / 100 == 2 || f->status == 408 ||
	       f->status == 409 || f->status == 429 || f->status >= 500;
}

uint64_t retry_delay_ms(unsigned attempt, uint64_t retry_after_ms,
			uint32_t random)
{
	uint64_t ms = FIRST_MS;

	if (retry_after_ms != UINT64_MAX)
		return retry_after_ms <= PATIENCE_MS ? retry_after_ms
						     : UINT64_MAX;
	for (unsigned i = 1; i < attempt && ms < MOST_MS; i++)
		ms *= 2;
	return ms - ms / 4 * (random % 1024) / 1024;
}
