/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* The `model_info` member of model components. */
#include "agentlib/core/model.h"
#include <stdbool.h>

struct component_ctx;
struct json;
struct json_writer;

/*
 * Reads config.model_info (or the older model_capabilities) into *info. False
 * when neither is there; what is wrong with it becomes faults of its place.
 */
bool model_info_load(struct component_ctx *ctx, const struct json *config,
		     struct model_info *info);

/* As the value of "model_info". */
void model_info_write(const struct model_info *info, struct json_writer *w);
