package listen

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/google/jsonschema-go/jsonschema"
	"github.com/modelcontextprotocol/go-sdk/jsonrpc"
	"github.com/modelcontextprotocol/go-sdk/mcp"

	"seance/mcp/tools"
)

// The conformance suite asks for tools, prompts and resources of fixed names, which do one thing each. They are put on a
// server of the house, so that what is tried is how the house serves, not how an example does.

// A dot, and a moment of silence: the smallest PNG and WAV that there are.
var (
	png = decoded("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg==")
	wav = decoded("UklGRiQAAABXQVZFZm10IBAAAAABAAEAQB8AAEAfAAABAAgAZGF0YQAAAAA=")
)

func decoded(text string) []byte {
	data, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		panic(err)
	}
	return data
}

type (
	call   = mcp.CallToolRequest
	result = mcp.CallToolResult
)

func says(format string, args ...any) *result {
	return shows(&mcp.TextContent{Text: fmt.Sprintf(format, args...)})
}
func shows(content ...mcp.Content) *result { return &result{Content: content} }
func asks(state string, requests mcp.InputRequestMap) *result {
	return &result{InputRequests: requests, RequestState: state}
}

// suite is a server with everything that the conformance suite asks for.
func suite() *tools.Server {
	s := tools.New(tools.About{
		Name: "suite", Title: "Fixtures of the conformance suite",
		Complete: func(context.Context, string, string) ([]string, error) { return nil, nil },
	}, tools.Options{})
	addContent(s.MCP())
	addTalk(s.MCP())
	addQuestions(s.MCP())
	addChanges(s.MCP())
	addSchemas(s.MCP())
	addReadings(s)
	addPrompts(s.MCP())
	return s
}

func add(s *mcp.Server, name string, do func(context.Context, *call) (*result, error)) {
	mcp.AddTool(s, &mcp.Tool{Name: name, Description: "Fixture " + name + "."},
		func(ctx context.Context, req *call, _ any) (*result, any, error) {
			r, err := do(ctx, req)
			return r, nil, err
		})
}

// fixed adds a tool that always says the same.
func fixed(s *mcp.Server, name string, content ...mcp.Content) {
	add(s, name, func(context.Context, *call) (*result, error) { return shows(content...), nil })
}

func addContent(s *mcp.Server) {
	text := func(uri string) *mcp.EmbeddedResource {
		return &mcp.EmbeddedResource{Resource: &mcp.ResourceContents{URI: uri, MIMEType: "text/plain", Text: "This is an embedded resource content."}}
	}
	picture := &mcp.ImageContent{Data: png, MIMEType: "image/png"}
	fixed(s, "test_simple_text", &mcp.TextContent{Text: "This is a simple text response for testing."})
	fixed(s, "test_image_content", picture)
	fixed(s, "test_audio_content", &mcp.AudioContent{Data: wav, MIMEType: "audio/wav"})
	fixed(s, "test_embedded_resource", text("test://embedded-resource"))
	fixed(s, "test_multiple_content_types", &mcp.TextContent{Text: "Multiple content types test:"}, picture, text("test://mixed-content-resource"))
	fixed(s, "test_streaming_elicitation", &mcp.TextContent{Text: "nothing was asked"})
	add(s, "test_error_handling", func(context.Context, *call) (*result, error) {
		return nil, errors.New("This tool intentionally returns an error for testing")
	})
}

func addTalk(s *mcp.Server) {
	add(s, "test_tool_with_logging", func(ctx context.Context, req *call) (*result, error) {
		for _, line := range []string{"Tool execution started", "Tool processing data", "Tool execution completed"} {
			if err := req.Session.Log(ctx, &mcp.LoggingMessageParams{Level: "info", Data: line}); err != nil { //nolint:staticcheck // the older era has it
				return nil, err
			}
		}
		return says("logged"), nil
	})
	add(s, "test_logging_tool", func(ctx context.Context, req *call) (*result, error) {
		return says("logged if that was wanted"), req.Session.Log(ctx, &mcp.LoggingMessageParams{Level: "info", Data: "a line"}) //nolint:staticcheck // the older era has it
	})
	add(s, "test_tool_with_progress", func(ctx context.Context, req *call) (*result, error) {
		token := req.Params.GetProgressToken()
		for _, percent := range []float64{0, 50, 100} {
			if err := req.Session.NotifyProgress(ctx, &mcp.ProgressNotificationParams{
				ProgressToken: token, Progress: percent, Total: 100, Message: fmt.Sprintf("Completed step %v of 100", percent),
			}); err != nil {
				return nil, err
			}
		}
		return says("%v", token), nil
	})
	add(s, "test_reconnection", func(ctx context.Context, req *call) (*result, error) {
		if req.Extra != nil && req.Extra.CloseSSEStream != nil {
			req.Extra.CloseSSEStream(mcp.CloseSSEStreamArgs{RetryAfter: 10 * time.Millisecond})
		}
		select {
		case <-time.After(100 * time.Millisecond): // the client comes back meanwhile
		case <-ctx.Done():
		}
		return says("told to whoever came back"), nil
	})
	mcp.AddTool(s, &mcp.Tool{Name: "test_sampling", Description: "Asks the client's model."},
		func(ctx context.Context, req *call, in struct {
			Prompt string `json:"prompt"`
		}) (*result, any, error) {
			got, err := req.Session.CreateMessage(ctx, sampling(in.Prompt)) //nolint:staticcheck // the older era has it
			if err != nil {
				return nil, nil, err
			}
			return says("LLM response: %s", got.Content.(*mcp.TextContent).Text), nil, nil
		})
	mcp.AddTool(s, &mcp.Tool{Name: "test_elicitation", Description: "Asks the client's person."},
		func(ctx context.Context, req *call, in struct {
			Message string `json:"message"`
		}) (*result, any, error) {
			r, err := elicit(ctx, req, in.Message, form("username", "string", "email", "string"))
			return r, nil, err
		})
	add(s, "test_elicitation_sep1034_defaults", func(ctx context.Context, req *call) (*result, error) {
		return elicit(ctx, req, "Defaults", json.RawMessage(`{"type": "object", "properties": {
			"name": {"type": "string", "default": "John Doe"}, "age": {"type": "integer", "default": 30},
			"score": {"type": "number", "default": 95.5}, "verified": {"type": "boolean", "default": true},
			"status": {"type": "string", "enum": ["active", "inactive", "pending"], "default": "active"}}}`))
	})
	add(s, "test_elicitation_sep1330_enums", func(ctx context.Context, req *call) (*result, error) {
		const titled = `[{"const": "value1", "title": "First Option"}, {"const": "value2", "title": "Second Option"}, {"const": "value3", "title": "Third Option"}]`
		return elicit(ctx, req, "Choices", json.RawMessage(`{"type": "object", "properties": {
			"untitledSingle": {"type": "string", "enum": ["option1", "option2", "option3"]},
			"titledSingle": {"type": "string", "oneOf": `+titled+`},
			"legacyEnum": {"type": "string", "enum": ["opt1", "opt2", "opt3"], "enumNames": ["Option One", "Option Two", "Option Three"]},
			"untitledMulti": {"type": "array", "items": {"type": "string", "enum": ["option1", "option2", "option3"]}},
			"titledMulti": {"type": "array", "items": {"anyOf": `+titled+`}}}}`))
	})
}

func elicit(ctx context.Context, req *call, message string, schema any) (*result, error) {
	got, err := req.Session.Elicit(ctx, &mcp.ElicitParams{Message: message, RequestedSchema: schema})
	if err != nil {
		return nil, err
	}
	return says("action=%s, content=%v", got.Action, got.Content), nil
}

// form is a schema of fields, as pairs of name and type; the first is required.
func form(fields ...string) *jsonschema.Schema {
	s := &jsonschema.Schema{Type: "object", Properties: map[string]*jsonschema.Schema{}, Required: fields[:1]}
	for i := 0; i < len(fields); i += 2 {
		s.Properties[fields[i]] = &jsonschema.Schema{Type: fields[i+1]}
	}
	return s
}

func sampling(prompt string) *mcp.CreateMessageParams { //nolint:staticcheck // the older era has it
	return &mcp.CreateMessageParams{ //nolint:staticcheck // the older era has it
		MaxTokens: 100, Messages: []*mcp.SamplingMessage{{Role: "user", Content: &mcp.TextContent{Text: prompt}}}, //nolint:staticcheck // the older era has it
	}
}

// accepted is what somebody answered to a question of the newer era, nil unless they did.
func accepted(req mcp.InputResponseMap, key string) map[string]any {
	if r, ok := req[key].(*mcp.ElicitResult); ok && r.Action == "accept" {
		return r.Content
	}
	return nil
}

// generated is what a model answered in the newer era.
func generated(req mcp.InputResponseMap, key string) (string, bool) {
	r, ok := req[key].(*mcp.CreateMessageWithToolsResult) //nolint:staticcheck // the suite has it
	if !ok || len(r.Content) == 0 {
		return "", false
	}
	text, ok := r.Content[0].(*mcp.TextContent)
	return text.Text, ok
}

// addQuestions adds tools of the newer era that need to know something first.
func addQuestions(s *mcp.Server) {
	question := func(text, field, kind string) *mcp.ElicitParams {
		return &mcp.ElicitParams{Message: text, RequestedSchema: form(field, kind)}
	}
	who := question("What is your name?", "name", "string")
	add(s, "test_input_required_result_elicitation", func(_ context.Context, req *call) (*result, error) {
		if name, ok := accepted(req.Params.InputResponses, "user_name")["name"].(string); ok {
			return says("Hello, %s!", name), nil
		}
		return asks("", mcp.InputRequestMap{"user_name": who}), nil
	})
	add(s, "test_input_required_result_sampling", func(_ context.Context, req *call) (*result, error) {
		if text, ok := generated(req.Params.InputResponses, "capital_question"); ok {
			return says("%s", text), nil
		}
		return asks("", mcp.InputRequestMap{"capital_question": sampling("What is the capital of France?")}), nil
	})
	add(s, "test_input_required_result_list_roots", func(_ context.Context, req *call) (*result, error) {
		if got, ok := req.Params.InputResponses["client_roots"].(*mcp.ListRootsResult); ok { //nolint:staticcheck // the suite has it
			return says("%d roots", len(got.Roots)), nil
		}
		return asks("", mcp.InputRequestMap{"client_roots": &mcp.ListRootsParams{}}), nil //nolint:staticcheck // the suite has it
	})
	for name, state := range map[string]string{"request_state": "given back", "tampered_state": "sealed"} {
		add(s, "test_input_required_result_"+name, func(_ context.Context, req *call) (*result, error) {
			given, agreed := req.Params.RequestState, accepted(req.Params.InputResponses, "confirm")
			switch {
			case given != "" && given != state:
				return nil, &jsonrpc.Error{Code: jsonrpc.CodeInvalidParams, Message: "this state is not ours"}
			case given == state && agreed != nil:
				return says("state-ok"), nil
			}
			return asks(state, mcp.InputRequestMap{"confirm": question("Please confirm", "ok", "boolean")}), nil
		})
	}
	add(s, "test_input_required_result_multiple_inputs", func(_ context.Context, req *call) (*result, error) {
		in := req.Params.InputResponses
		text, ok := generated(in, "greeting")
		roots, _ := in["client_roots"].(*mcp.ListRootsResult) //nolint:staticcheck // the suite has it
		if name := accepted(in, "user_name")["name"]; ok && name != nil && roots != nil {
			return says("%s %v, %d roots", text, name, len(roots.Roots)), nil
		}
		return asks("all of it", mcp.InputRequestMap{
			"user_name": who, "greeting": sampling("Write a greeting"), "client_roots": &mcp.ListRootsParams{}, //nolint:staticcheck // the suite has it
		}), nil
	})
	add(s, "test_input_required_result_multi_round", func(_ context.Context, req *call) (*result, error) {
		name, second := strings.CutPrefix(req.Params.RequestState, "second ")
		switch {
		case second:
			return says("%s likes %v", name, accepted(req.Params.InputResponses, "step2")["color"]), nil
		case req.Params.RequestState == "first":
			name, _ := accepted(req.Params.InputResponses, "step1")["name"].(string)
			return asks("second "+name, mcp.InputRequestMap{"step2": question("Which color?", "color", "string")}), nil
		}
		return asks("first", mcp.InputRequestMap{"step1": who}), nil
	})
	add(s, "test_input_required_result_capabilities", func(_ context.Context, req *call) (*result, error) {
		if len(req.Params.InputResponses) > 0 {
			return says("thank you"), nil
		}
		requests, can := mcp.InputRequestMap{}, req.ClientCapabilities()
		if can != nil && can.Elicitation != nil {
			requests["user_name"] = who
		}
		if can != nil && can.Sampling != nil { //nolint:staticcheck // the suite has it
			requests["greeting"] = sampling("Write a greeting")
		}
		if len(requests) == 0 {
			return says("nothing that you could answer"), nil
		}
		return asks("", requests), nil
	})
	add(s, "test_missing_capability", func(_ context.Context, req *call) (*result, error) {
		if can := req.ClientCapabilities(); can != nil && can.Sampling != nil { //nolint:staticcheck // the suite has it
			return says("done"), nil
		}
		data, err := json.Marshal(mcp.MissingRequiredClientCapabilityData{
			RequiredCapabilities: &mcp.ClientCapabilities{Sampling: &mcp.SamplingCapabilities{}}, //nolint:staticcheck // the suite has it
		})
		if err != nil {
			return nil, err
		}
		return nil, &jsonrpc.Error{Code: mcp.CodeMissingRequiredClientCapabilities, Message: "this needs sampling", Data: data}
	})
}

// addChanges adds tools that change what the server has.
func addChanges(s *mcp.Server) {
	add(s, "test_trigger_tool_change", func(context.Context, *call) (*result, error) {
		fixed(s, "test_new", &mcp.TextContent{Text: "new"})
		return says("changed"), nil
	})
	add(s, "test_trigger_prompt_change", func(context.Context, *call) (*result, error) {
		s.AddPrompt(&mcp.Prompt{Name: "test_new", Description: "New."}, prompt(&mcp.TextContent{Text: "new"}))
		return says("changed"), nil
	})
}

// addSchemas adds tools whose schema is to arrive as it was written.
func addSchemas(s *mcp.Server) {
	mcp.AddTool(s, &mcp.Tool{Name: "json_schema_2020_12_tool", Description: "Has a schema with everything.", InputSchema: json.RawMessage(`{
		"$schema": "https://json-schema.org/draft/2020-12/schema", "type": "object", "additionalProperties": false,
		"$defs": {"address": {"$anchor": "addressDef", "type": "object", "properties": {"street": {"type": "string"}, "city": {"type": "string"}}}},
		"properties": {"name": {"type": "string"}, "address": {"$ref": "#/$defs/address"}, "contactMethod": {"type": "string", "enum": ["phone", "email"]},
			"phone": {"type": "string"}, "email": {"type": "string"}},
		"allOf": [{"anyOf": [{"required": ["phone"]}, {"required": ["email"]}]}],
		"if": {"properties": {"contactMethod": {"const": "phone"}}, "required": ["contactMethod"]},
		"then": {"required": ["phone"]}, "else": {"required": ["email"]}}`)},
		func(_ context.Context, _ *call, in json.RawMessage) (*result, any, error) {
			return says("%s", in), nil, nil
		})
	mcp.AddTool(s, &mcp.Tool{Name: "test_x_mcp_header", Description: "Has an argument that is also a header.", InputSchema: json.RawMessage(`{
		"type": "object", "properties": {"region": {"type": "string", "x-mcp-header": "Region"}, "level": {"type": "integer"}}}`)},
		func(_ context.Context, _ *call, in struct {
			Region string `json:"region,omitempty"`
			Level  int    `json:"level,omitempty"`
		}) (*result, any, error) {
			return says("region=%s", in.Region), nil, nil
		})
}

func addReadings(s *tools.Server) {
	read := func(mime, text string, blob []byte) mcp.ResourceHandler {
		return func(_ context.Context, req *mcp.ReadResourceRequest) (*mcp.ReadResourceResult, error) {
			return &mcp.ReadResourceResult{Contents: []*mcp.ResourceContents{{URI: req.Params.URI, MIMEType: mime, Text: text, Blob: blob}}}, nil
		}
	}
	s.MCP().AddResource(&mcp.Resource{URI: "test://static-text", Name: "text", MIMEType: "text/plain"},
		read("text/plain", "This is the content of the static text resource.", nil))
	s.MCP().AddResource(&mcp.Resource{URI: "test://static-binary", Name: "binary", MIMEType: "image/png"}, read("image/png", "", png))
	tools.AddResource(s, tools.Resource{URI: "test://template/{id}/data", Name: "template"}, func(_ context.Context, args map[string]string) (any, error) {
		id, err := url.PathUnescape(args["id"])
		return map[string]any{"id": id, "templateTest": true, "data": "Data for ID: " + id}, err
	})
	tools.AddResource(s, tools.Resource{URI: "test://watched-resource", Name: "watched"}, func(context.Context, map[string]string) (any, error) {
		return time.Now().Format(time.StampMicro), nil // another one whenever somebody looks
	})
}

func prompt(content ...mcp.Content) mcp.PromptHandler {
	return func(context.Context, *mcp.GetPromptRequest) (*mcp.GetPromptResult, error) {
		r := &mcp.GetPromptResult{}
		for _, c := range content {
			r.Messages = append(r.Messages, &mcp.PromptMessage{Role: "user", Content: c})
		}
		return r, nil
	}
}

func addPrompts(s *mcp.Server) {
	const about = "A fixture."
	s.AddPrompt(&mcp.Prompt{Name: "test_simple_prompt", Description: about}, prompt(&mcp.TextContent{Text: "This is a simple prompt for testing."}))
	s.AddPrompt(&mcp.Prompt{Name: "test_prompt_with_image", Description: about}, prompt(&mcp.ImageContent{Data: png, MIMEType: "image/png"}, &mcp.TextContent{Text: "Please analyze the image above."}))
	s.AddPrompt(&mcp.Prompt{Name: "test_prompt_with_arguments", Description: about, Arguments: []*mcp.PromptArgument{{Name: "arg1", Required: true}, {Name: "arg2", Required: true}}},
		func(ctx context.Context, req *mcp.GetPromptRequest) (*mcp.GetPromptResult, error) {
			args := req.Params.Arguments
			return prompt(&mcp.TextContent{Text: fmt.Sprintf("Prompt with arguments: arg1='%s', arg2='%s'", args["arg1"], args["arg2"])})(ctx, req)
		})
	s.AddPrompt(&mcp.Prompt{Name: "test_prompt_with_embedded_resource", Description: about, Arguments: []*mcp.PromptArgument{{Name: "resourceUri", Required: true}}},
		func(ctx context.Context, req *mcp.GetPromptRequest) (*mcp.GetPromptResult, error) {
			return prompt(&mcp.EmbeddedResource{Resource: &mcp.ResourceContents{
				URI: req.Params.Arguments["resourceUri"], MIMEType: "text/plain", Text: "Embedded resource content for testing.",
			}}, &mcp.TextContent{Text: "Please process the embedded resource above."})(ctx, req)
		})
	s.AddPrompt(&mcp.Prompt{Name: "test_input_required_result_prompt", Description: about}, func(ctx context.Context, req *mcp.GetPromptRequest) (*mcp.GetPromptResult, error) {
		if known := accepted(req.Params.InputResponses, "user_context"); known != nil {
			return prompt(&mcp.TextContent{Text: fmt.Sprint("Context: ", known["context"])})(ctx, req)
		}
		return &mcp.GetPromptResult{InputRequests: mcp.InputRequestMap{
			"user_context": &mcp.ElicitParams{Message: "What should be known?", RequestedSchema: form("context", "string")},
		}}, nil
	})
}
