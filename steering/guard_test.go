package steering_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"seance/steering"
)

func TestWhatIsGuarded(t *testing.T) {
	for _, c := range []struct {
		what, guard, text string
		want              []string
		problems          int
	}{
		{"up to the next heading of its level", "Secret", "# A\na\n## Secret\ns\n### More\nm\n## B\nb", []string{"s\n### More\nm"}, 0},
		{"up to a higher heading", "Secret", "# A\n### Secret\ns\n# B\nb", []string{"s"}, 0},
		{"up to the end", "Secret", "# A\n## Secret ##\ns\n\n", []string{"s"}, 0},
		{"whatever its case", "SECRET", "# secret\ns", []string{"s"}, 0},
		{"every one of that name", "Secret", "# Secret\na\n# B\nb\n# Secret\nc", []string{"a", "c"}, 0},
		{"several", "[Secret, B]", "# A\na\n# Secret\ns\n# B\nb", []string{"s", "b"}, 0},
		{"with what it pulls in", "Secret", "# Secret\n#[[file:.kiro/steering/r.md]]\n# B\nb", []string{"Pulled."}, 0},
		{"a comment is not part of it", "Secret", "# Secret\ns<!-- c -->", []string{"s"}, 0},
		{"what looks like a heading in code", "Secret", "# Secret\n```sh\n# B\n```\ns\n# C", []string{"```sh\n# B\n```\ns"}, 0},
		{"a heading that is not there", "[Gone, Secret]", "# Secret\ns\n```\n# Gone\n```", []string{"s\n```\n# Gone\n```"}, 1},
		{"a hash without a space is no heading", "Secret", "#Secret\ns", nil, 1},
		{"nothing", "", "# Secret\ns", nil, 0},
	} {
		files := fstest.MapFS{
			".kiro/steering/p.md": {Data: []byte("---\nseance: spirit\nguard: " + c.guard + "\n---\n" + c.text)},
			".kiro/steering/r.md": {Data: []byte("---\nseance: rules\n---\nPulled.")},
		}
		l, err := steering.Open(steering.Options{Embedded: files})
		if err != nil {
			t.Fatal(err)
		}
		p, _ := l.Persona("p")
		if diff := cmp.Diff(c.want, p.Guarded); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.what, diff)
		}
		if got := l.Problems(); len(got) != c.problems || c.problems > 0 && !strings.Contains(got[0].Message, "to guard") {
			t.Errorf("%s: problems %v", c.what, got)
		}
	}
}
