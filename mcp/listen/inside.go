package listen

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"seance/mcp/tools"
)

// A Client calls tools of a server in the same program.
type Client struct{ session *mcp.ClientSession }

// A ToolError is the sentence with which a tool tells that it did not do what it was asked for.
type ToolError struct{ text string }

// Error is the sentence.
func (e *ToolError) Error() string { return e.text }

// Inside connects a client to s. It is to be closed.
func Inside(ctx context.Context, s *tools.Server) (*Client, error) {
	ours, theirs := mcp.NewInMemoryTransports()
	if _, err := s.MCP().Connect(ctx, ours, nil); err != nil {
		return nil, fmt.Errorf("connect: %w", err)
	}
	session, err := mcp.NewClient(&mcp.Implementation{Name: "seance", Version: "1"}, nil).Connect(ctx, theirs, nil)
	if err != nil {
		return nil, fmt.Errorf("connect: %w", err)
	}
	return &Client{session}, nil
}

// Arguments are the JSON types of a tool's arguments ("string", "integer", "number", "boolean" or "array"), by name.
func (c *Client) Arguments(ctx context.Context, tool string) (map[string]string, error) {
	list, err := c.session.ListTools(ctx, nil)
	if err != nil {
		return nil, fmt.Errorf("list tools: %w", err)
	}
	for _, t := range list.Tools {
		if t.Name != tool {
			continue
		}
		text, err := json.Marshal(t.InputSchema)
		if err != nil {
			return nil, err
		}
		var schema struct {
			Properties map[string]struct{ Type string }
		}
		if err := json.Unmarshal(text, &schema); err != nil {
			return nil, err
		}
		types := map[string]string{}
		for name, property := range schema.Properties {
			types[name] = property.Type
		}
		return types, nil
	}
	return nil, &ToolError{fmt.Sprintf("there is no tool %s", tool)}
}

// Call calls a tool with a JSON object of arguments and returns its result as JSON. It is a ToolError if the tool says
// that it failed.
func (c *Client) Call(ctx context.Context, tool string, arguments json.RawMessage) (json.RawMessage, error) {
	result, err := c.session.CallTool(ctx, &mcp.CallToolParams{Name: tool, Arguments: arguments})
	if err != nil {
		return nil, fmt.Errorf("call %s: %w", tool, err)
	}
	if result.IsError {
		for _, content := range result.Content {
			if text, ok := content.(*mcp.TextContent); ok {
				return nil, &ToolError{text.Text}
			}
		}
		return nil, errors.New("the tool failed without saying why")
	}
	return json.Marshal(result.StructuredContent)
}

// Close ends the connection.
func (c *Client) Close() error { return c.session.Close() }
