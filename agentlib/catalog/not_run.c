/* SPDX-License-Identifier: Apache-2.0 */
/* AutoGen's names that are not run; see not_run.h. */
#include "agentlib/catalog/not_run.h"

#include <stddef.h>

#define LATER "it comes with a later version"
#define PYTHON "it exists only as Python code"
#define BROWSER "it needs a browser, which no jail has yet"
#define STORE "its storage is not built in"
#define TOOLS "tools are not run yet"

#define AGENTS "autogen_agentchat.agents."
#define CONDITIONS "autogen_agentchat.conditions."
#define TEAMS "autogen_agentchat.teams."
#define CONTEXTS "autogen_core.model_context."
#define EXT "autogen_ext."

/* X(provider, component type, reason) */
#define NOT_RUN_TABLE(X)                                                       \
	X(AGENTS "UserProxyAgent", COMPONENT_AGENT,                            \
	  "no agent asks a person yet")                                        \
	X(AGENTS "SocietyOfMindAgent", COMPONENT_AGENT, LATER)                 \
	X(AGENTS "MessageFilterAgent", COMPONENT_AGENT, LATER)                 \
	X(TEAMS "SelectorGroupChat", COMPONENT_TEAM, LATER)                    \
	X(TEAMS "Swarm", COMPONENT_TEAM, "hand-offs are not run yet")          \
	X(TEAMS "GraphFlow", COMPONENT_TEAM, LATER)                            \
	X(TEAMS "MagenticOneGroupChat", COMPONENT_TEAM, LATER)                 \
	X(CONDITIONS "ExternalTermination", COMPONENT_TERMINATION, LATER)      \
	X(CONDITIONS "FunctionCallTermination", COMPONENT_TERMINATION, TOOLS)  \
	X(CONDITIONS "FunctionalTermination", COMPONENT_TERMINATION, PYTHON)   \
	X(CONDITIONS "HandoffTermination", COMPONENT_TERMINATION,              \
	  "hand-offs are not run yet")                                         \
	X(CONDITIONS "SourceMatchTermination", COMPONENT_TERMINATION, LATER)   \
	X(CONDITIONS "TextMessageTermination", COMPONENT_TERMINATION, LATER)   \
	X(CONDITIONS "TimeoutTermination", COMPONENT_TERMINATION, LATER)       \
	X(CONDITIONS "TokenUsageTermination", COMPONENT_TERMINATION, LATER)    \
	X("autogen_agentchat.messages.StructuredMessageFactory",               \
	  COMPONENT_OTHER, "structured messages are not run yet")              \
	X("autogen_agentchat.tools.AgentTool", COMPONENT_TOOL, TOOLS)          \
	X("autogen_agentchat.tools.TeamTool", COMPONENT_TOOL, TOOLS)           \
	X("autogen_core.memory.ListMemory", COMPONENT_MEMORY,                  \
	  "memories are not run yet")                                          \
	X(CONTEXTS "BufferedChatCompletionContext", COMPONENT_MODEL_CONTEXT,   \
	  LATER)                                                               \
	X(CONTEXTS "HeadAndTailChatCompletionContext",                         \
	  COMPONENT_MODEL_CONTEXT, LATER)                                      \
	X(CONTEXTS "TokenLimitedChatCompletionContext",                        \
	  COMPONENT_MODEL_CONTEXT, LATER)                                      \
	X("autogen_core.tools.FunctionTool", COMPONENT_TOOL, TOOLS)            \
	X(EXT "agents.file_surfer.FileSurfer", COMPONENT_AGENT, LATER)         \
	X(EXT "agents.magentic_one.MagenticOneCoderAgent", COMPONENT_AGENT,    \
	  LATER)                                                               \
	X(EXT "agents.openai.OpenAIAgent", COMPONENT_AGENT, LATER)             \
	X(EXT "agents.openai.OpenAIAssistantAgent", COMPONENT_AGENT,           \
	  "AutoGen cannot write it to a file either")                          \
	X(EXT "agents.azure.AzureAIAgent", COMPONENT_AGENT,                    \
	  "AutoGen cannot write it to a file either")                          \
	X(EXT "agents.video_surfer.VideoSurfer", COMPONENT_AGENT, PYTHON)      \
	X(EXT "agents.web_surfer.MultimodalWebSurfer", COMPONENT_AGENT,        \
	  BROWSER)                                                             \
	X(EXT "teams.magentic_one.MagenticOne", COMPONENT_TEAM, LATER)         \
	X(EXT "auth.azure.AzureTokenProvider", COMPONENT_TOKEN_PROVIDER,       \
	  LATER)                                                               \
	X(EXT "cache_store.diskcache.DiskCacheStore", COMPONENT_OTHER, STORE)  \
	X(EXT "cache_store.redis.RedisStore", COMPONENT_OTHER, STORE)          \
	X(EXT "code_executors.azure.ACADynamicSessionsCodeExecutor",           \
	  COMPONENT_CODE_EXECUTOR, LATER)                                      \
	X(EXT "code_executors.docker_jupyter.DockerJupyterCodeExecutor",       \
	  COMPONENT_CODE_EXECUTOR, LATER)                                      \
	X(EXT "code_executors.jupyter.JupyterCodeExecutor",                    \
	  COMPONENT_CODE_EXECUTOR, LATER)                                      \
	X(EXT "memory.canvas.TextCanvasMemory", COMPONENT_MEMORY,              \
	  "memories are not run yet")                                          \
	X(EXT "memory.chromadb.ChromaDBVectorMemory", COMPONENT_MEMORY, STORE) \
	X(EXT "memory.mem0.Mem0Memory", COMPONENT_MEMORY, STORE)               \
	X(EXT "memory.redis.RedisMemory", COMPONENT_MEMORY, STORE)             \
	X(EXT "memory.redis_memory.RedisMemory", COMPONENT_MEMORY, STORE)      \
	X(EXT "models.anthropic.AnthropicBedrockChatCompletionClient",         \
	  COMPONENT_MODEL, LATER)                                              \
	X(EXT "models.llama_cpp.LlamaCppChatCompletionClient",                 \
	  COMPONENT_MODEL, "models are not run in this process")               \
	X(EXT "models.semantic_kernel.SKChatCompletionAdapter",                \
	  COMPONENT_MODEL, PYTHON)                                             \
	X(EXT "tools.azure.AzureAISearchTool", COMPONENT_TOOL, TOOLS)          \
	X(EXT "tools.azure.BaseAzureAISearchTool", COMPONENT_TOOL, TOOLS)      \
	X(EXT "tools.code_execution.PythonCodeExecutionTool", COMPONENT_TOOL,  \
	  TOOLS)                                                               \
	X(EXT "tools.graphrag.GlobalSearchTool", COMPONENT_TOOL, PYTHON)       \
	X(EXT "tools.graphrag.LocalSearchTool", COMPONENT_TOOL, PYTHON)        \
	X(EXT "tools.http.HttpTool", COMPONENT_TOOL, TOOLS)                    \
	X(EXT "tools.langchain.LangChainToolAdapter", COMPONENT_TOOL, PYTHON)  \
	X(EXT "tools.mcp.McpSessionActor", COMPONENT_OTHER, TOOLS)             \
	X(EXT "tools.mcp.McpWorkbench", COMPONENT_WORKBENCH, TOOLS)            \
	X(EXT "tools.mcp.SseMcpToolAdapter", COMPONENT_TOOL, TOOLS)            \
	X(EXT "tools.mcp.StdioMcpToolAdapter", COMPONENT_TOOL, TOOLS)          \
	X(EXT "tools.mcp.StreamableHttpMcpToolAdapter", COMPONENT_TOOL, TOOLS) \
	X(EXT "tools.semantic_kernel.KernelFunctionFromTool", COMPONENT_TOOL,  \
	  PYTHON)

#define NOT_RUN_ROW(name, kind, why)                                           \
	&(const struct component_class){ .provider = (name),                   \
					 .type = (kind),                       \
					 .version = 1,                         \
					 .not_run = (why) },

const struct component_class *const not_run_classes[] = {
	NOT_RUN_TABLE(NOT_RUN_ROW) NULL,
};
