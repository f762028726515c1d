package wire

// A CloseCode ends a WebSocket connection. Boards come back below 4400 and stay away from 4400 up.
type CloseCode int

// The close codes, as docs/protocol.md lists them.
const (
	CloseNotUTF8      CloseCode = 1007
	CloseTooLarge     CloseCode = 1009
	CloseGoingAway    CloseCode = 4001 // the server is going away
	CloseTooSlow      CloseCode = 4002
	CloseReplaced     CloseCode = 4003 // the node was replaced
	CloseBadFrames    CloseCode = 4400 // three bad frames, each answered with an error first
	CloseUnauthorized CloseCode = 4401 // no, bad or expired token
	CloseKicked       CloseCode = 4403
	CloseNoJoin       CloseCode = 4408 // no join_session within 10 s
	CloseEnded        CloseCode = 4410
	CloseFlooding     CloseCode = 4429
)

// An ErrorCode is the machine's half of an error on the wire; REST and WebSocket share the list.
type ErrorCode string

// The error codes, as docs/protocol.md lists them.
const (
	CodeBadRequest      ErrorCode = "bad_request"
	CodeInvalidText     ErrorCode = "invalid_text"
	CodeInvalidName     ErrorCode = "invalid_name"
	CodeUnauthorized    ErrorCode = "unauthorized"
	CodeForbidden       ErrorCode = "forbidden"
	CodeNotFound        ErrorCode = "not_found"
	CodeSessionEnded    ErrorCode = "session_ended"
	CodeSessionFull     ErrorCode = "session_full"
	CodeSessionLocked   ErrorCode = "session_locked"
	CodeWrongPassphrase ErrorCode = "wrong_passphrase"
	CodeRateLimited     ErrorCode = "rate_limited"
	CodeQueueFull       ErrorCode = "queue_full"
	CodeAlreadyQueued   ErrorCode = "already_queued"
	CodeRefused         ErrorCode = "refused"
	CodeTooLarge        ErrorCode = "too_large"
	CodeUnavailable     ErrorCode = "unavailable"
	CodeInternal        ErrorCode = "internal"
)
