package bench

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"runtime"
	"strconv"
	"strings"
	"time"
)

// clockTicks is what Linux counts a process's time in, a second: USER_HZ, which is 100 wherever Go runs.
const clockTicks = 100

// errElsewhere says why there are no figures of a process.
var errElsewhere = errors.New("only measured on Linux, where /proc tells")

// cpuOf is the processor time that a process has taken so far, its own and the kernel's for it.
func cpuOf(pid int) (time.Duration, error) {
	raw, err := proc(pid, "stat")
	if err != nil {
		return 0, err
	}
	return cpuIn(raw)
}

// cpuIn reads the time out of a stat file: proc(5) counts utime and stime as its 14th and 15th fields. The second is the
// program's name, which may hold anything.
func cpuIn(stat []byte) (time.Duration, error) {
	fields := bytes.Fields(stat[bytes.LastIndexByte(stat, ')')+1:])
	if len(fields) < 13 {
		return 0, fmt.Errorf("stat with %d fields after the name", len(fields))
	}
	var ticks int64
	for _, f := range fields[11:13] {
		n, err := strconv.ParseInt(string(f), 10, 64)
		if err != nil {
			return 0, fmt.Errorf("stat: %w", err)
		}
		ticks += n
	}
	return time.Duration(ticks) * time.Second / clockTicks, nil
}

// memoryOf is the memory that a process holds for itself, in bytes: pages that no file backs.
func memoryOf(pid int) (int64, error) {
	raw, err := proc(pid, "smaps_rollup")
	if err != nil { // older kernels, and those who may not look
		raw, err = proc(pid, "statm")
		if err != nil {
			return 0, err
		}
		return privateIn(raw, int64(os.Getpagesize()))
	}
	return anonymousIn(raw)
}

func anonymousIn(rollup []byte) (int64, error) {
	for line := range strings.Lines(string(rollup)) {
		if size, ok := strings.CutPrefix(line, "Anonymous:"); ok {
			kb, err := strconv.ParseInt(strings.TrimSuffix(strings.TrimSpace(size), " kB"), 10, 64)
			if err != nil {
				return 0, fmt.Errorf("smaps_rollup: %w", err)
			}
			return kb << 10, nil
		}
	}
	return 0, errors.New("smaps_rollup says nothing of anonymous memory")
}

// privateIn is resident less shared, the 2nd and 3rd numbers of a statm file, in pages.
func privateIn(statm []byte, page int64) (int64, error) {
	var size, resident, shared int64
	if _, err := fmt.Sscan(string(statm), &size, &resident, &shared); err != nil {
		return 0, fmt.Errorf("statm: %w", err)
	}
	return (resident - shared) * page, nil
}

// descriptorsOf is how many files and sockets a process has open.
func descriptorsOf(pid int) (int, error) {
	open, err := os.ReadDir(fmt.Sprintf("/proc/%d/fd", pid))
	return len(open), told(err)
}

func proc(pid int, name string) ([]byte, error) {
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/%s", pid, name))
	return raw, told(err)
}

func told(err error) error {
	if runtime.GOOS != "linux" && errors.Is(err, fs.ErrNotExist) {
		return errElsewhere
	}
	return err
}
