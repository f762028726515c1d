package wireclient

import (
	"bufio"
	"context"
	"crypto/rand"
	"crypto/sha1"
	"crypto/tls"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"sync"
)

// The opcodes of RFC 6455, section 5.2.
const (
	OpContinuation = 0
	OpText         = 1
	OpBinary       = 2
	OpClose        = 8
	OpPing         = 9
	OpPong         = 10
)

// maxFrame is the largest frame a server may send here, in bytes: a replay in one frame fits well into it.
const maxFrame = 16 << 20

// A Frame is one WebSocket frame as it came.
type Frame struct {
	Final   bool
	Op      byte
	Payload []byte
}

// CloseCode is the code of a close frame, 0 if it has none.
func (f Frame) CloseCode() int {
	if f.Op != OpClose || len(f.Payload) < 2 {
		return 0
	}
	return int(binary.BigEndian.Uint16(f.Payload))
}

// A Conn is a WebSocket without manners: it sends what it is told to send, answers no ping and reads only when asked.
// One goroutine may read while others write.
type Conn struct {
	Net net.Conn // the connection below

	in *bufio.Reader
	mu sync.Mutex // guards writing
}

// A Refusal is an HTTP answer that was no upgrade.
type Refusal struct {
	Status int
	Header http.Header
	Body   string
}

// Error says what the server answered.
func (r *Refusal) Error() string { return fmt.Sprintf("refused with %d: %s", r.Status, r.Body) }

// Open upgrades to a WebSocket at address (http, https, ws or wss). A *Refusal is an answer that was no upgrade.
func Open(ctx context.Context, address string, header http.Header, config *tls.Config) (*Conn, error) {
	return OpenWith(ctx, new(net.Dialer), address, header, config)
}

// OpenWith is Open over a connection that dialer makes.
func OpenWith(ctx context.Context, dialer *net.Dialer, address string, header http.Header, config *tls.Config) (*Conn, error) {
	u, err := url.Parse(address)
	if err != nil {
		return nil, err
	}
	secure := u.Scheme == "https" || u.Scheme == "wss"
	host := u.Host
	if u.Port() == "" {
		host = net.JoinHostPort(u.Hostname(), map[bool]string{false: "80", true: "443"}[secure])
	}
	conn, err := dialer.DialContext(ctx, "tcp", host)
	if err != nil {
		return nil, err
	}
	if secure {
		if config == nil {
			config = &tls.Config{ServerName: u.Hostname()}
		}
		conn = tls.Client(conn, config)
	}
	c := &Conn{Net: conn, in: bufio.NewReader(conn)}
	stop := context.AfterFunc(ctx, func() { conn.Close() })
	defer stop()
	if err := c.upgrade(u, header); err != nil {
		conn.Close()
		return nil, err
	}
	return c, nil
}

func (c *Conn) upgrade(u *url.URL, header http.Header) error {
	nonce := make([]byte, 16)
	rand.Read(nonce) // never fails
	key := base64.StdEncoding.EncodeToString(nonce)
	req := &http.Request{Method: http.MethodGet, URL: u, Host: u.Host, Header: header.Clone()}
	if req.Header == nil {
		req.Header = http.Header{}
	}
	req.Header.Set("Connection", "Upgrade")
	req.Header.Set("Upgrade", "websocket")
	if req.Header.Get("Sec-WebSocket-Version") == "" {
		req.Header.Set("Sec-WebSocket-Version", "13")
	}
	req.Header.Set("Sec-WebSocket-Key", key)
	if err := req.Write(c.Net); err != nil {
		return fmt.Errorf("upgrade: %w", err)
	}
	res, err := http.ReadResponse(c.in, req)
	if err != nil {
		return fmt.Errorf("upgrade: %w", err)
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusSwitchingProtocols {
		body, err := io.ReadAll(io.LimitReader(res.Body, 64<<10))
		if err != nil {
			return fmt.Errorf("upgrade: %w", err)
		}
		return &Refusal{res.StatusCode, res.Header, string(body)}
	}
	// The GUID is the one of RFC 6455, section 1.3.
	sum := sha1.Sum([]byte(key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"))
	if got := res.Header.Get("Sec-WebSocket-Accept"); got != base64.StdEncoding.EncodeToString(sum[:]) {
		return errors.New("upgrade: the server did not prove that it read the key")
	}
	return nil
}

// WriteText sends one whole text frame.
func (c *Conn) WriteText(text string) error { return c.WriteFrame(OpText, true, []byte(text)) }

// WriteClose sends a close frame.
func (c *Conn) WriteClose(code int) error {
	return c.WriteFrame(OpClose, true, binary.BigEndian.AppendUint16(nil, uint16(code)))
}

// WriteFrame sends one masked frame.
func (c *Conn) WriteFrame(op byte, final bool, payload []byte) error {
	return c.WriteRaw(Masked(op, final, payload))
}

// WriteRaw sends bytes as they are.
func (c *Conn) WriteRaw(b []byte) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	_, err := c.Net.Write(b)
	return err
}

// Masked is a frame as a client sends it.
func Masked(op byte, final bool, payload []byte) []byte {
	first := op
	if final {
		first |= 0x80
	}
	b := make([]byte, 0, len(payload)+14)
	switch n := len(payload); {
	case n < 126:
		b = append(b, first, 0x80|byte(n))
	case n < 1<<16:
		b = append(b, first, 0x80|126)
		b = binary.BigEndian.AppendUint16(b, uint16(n))
	default:
		b = append(b, first, 0x80|127)
		b = binary.BigEndian.AppendUint64(b, uint64(n))
	}
	var key [4]byte
	rand.Read(key[:]) // never fails
	b = append(b, key[:]...)
	for i, p := range payload {
		b = append(b, p^key[i%4])
	}
	return b
}

// ReadFrame reads the next frame. It fails on frames that a server must not send: masked, too large, reserved bits.
func (c *Conn) ReadFrame() (Frame, error) {
	var head [2]byte
	if _, err := io.ReadFull(c.in, head[:]); err != nil {
		return Frame{}, err
	}
	if head[0]&0x70 != 0 || head[1]&0x80 != 0 {
		return Frame{}, fmt.Errorf("frame with header % x is not one a server sends", head)
	}
	f := Frame{Final: head[0]&0x80 != 0, Op: head[0] & 0x0f}
	length := uint64(head[1])
	switch length {
	case 126:
		var b [2]byte
		if _, err := io.ReadFull(c.in, b[:]); err != nil {
			return f, err
		}
		length = uint64(binary.BigEndian.Uint16(b[:]))
	case 127:
		var b [8]byte
		if _, err := io.ReadFull(c.in, b[:]); err != nil {
			return f, err
		}
		length = binary.BigEndian.Uint64(b[:])
	}
	if length > maxFrame {
		return f, fmt.Errorf("frame of %d bytes", length)
	}
	f.Payload = make([]byte, length)
	_, err := io.ReadFull(c.in, f.Payload)
	return f, err
}

// Close drops the connection without a goodbye.
func (c *Conn) Close() error { return c.Net.Close() }
