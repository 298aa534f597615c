/* SPDX-License-Identifier: Apache-2.0 */
/* Our errors as those of the door. */
#include "agentlib/catalog/agents_err.h"

#include "executor/base/str.h"

int agents_err(struct coop_err *out, const struct err *err)
{
	if (!out)
		return -(int)err->code;
	out->code = (int)err->code;
	str_copy(out->name, sizeof(out->name), err_name(err->code));
	str_copy(out->field, sizeof(out->field), err->field);
	str_copy(out->text, sizeof(out->text), err->text);
	str_copy(out->remedy, sizeof(out->remedy), err->remedy);
	return -(int)err->code;
}
