package bench

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"time"
)

// restClient speaks the envelope.
type restClient struct {
	address string
	http    http.Client
}

func newRESTClient(address string) *restClient {
	transport := &http.Transport{MaxIdleConnsPerHost: 64, MaxConnsPerHost: 64, IdleConnTimeout: 30 * time.Second}
	return &restClient{address: address, http: http.Client{Transport: transport, Timeout: 15 * time.Second}}
}

func (c *restClient) get(path, token string, into any) error {
	return c.do(http.MethodGet, path, token, nil, into)
}

func (c *restClient) post(path string, body, into any) error {
	raw, err := json.Marshal(body)
	if err != nil {
		return err
	}
	return c.do(http.MethodPost, path, "", raw, into)
}

func (c *restClient) do(method, path, token string, body []byte, into any) error {
	req, err := http.NewRequest(method, c.address+path, bytes.NewReader(body))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	res, err := c.http.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	if err != nil {
		return err
	}
	var envelope struct {
		Success bool            `json:"success"`
		Data    json.RawMessage `json:"data"`
		Error   json.RawMessage `json:"error"`
	}
	if err := json.Unmarshal(raw, &envelope); err != nil {
		return fmt.Errorf("%s: %w", res.Status, err)
	}
	if !envelope.Success {
		return fmt.Errorf("%s: %s", res.Status, envelope.Error)
	}
	if into == nil {
		return nil
	}
	return json.Unmarshal(envelope.Data, into)
}
