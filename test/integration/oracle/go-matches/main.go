// Orders Go versions and finds the advisories of modules with Go's own version orders.
//
//	compare           lines "a b" on standard input; prints -1, 0, 1, or "invalid"
//	boundaries all.zip N  prints "module version" lines at and beside the events of every N-th record
//	match all.zip     lines "module version" on standard input; prints {"module version": {"ID": "fixed"}}
package main

import (
	"archive/zip"
	"bufio"
	"encoding/json"
	"fmt"
	"go/version"
	"os"
	"sort"
	"strconv"
	"strings"

	"golang.org/x/mod/semver"
)

type event struct {
	Introduced   string `json:"introduced"`
	Fixed        string `json:"fixed"`
	LastAffected string `json:"last_affected"`
}

func (e event) at() string { return canonical(e.Introduced + e.Fixed + e.LastAffected) }

type record struct {
	ID        string `json:"id"`
	Withdrawn string `json:"withdrawn"`
	Affected  []struct {
		Package struct{ Name, Ecosystem string } `json:"package"`
		Ranges  []struct {
			Type   string  `json:"type"`
			Events []event `json:"events"`
		} `json:"ranges"`
		Versions []string `json:"versions"`
	} `json:"affected"`
}

func canonical(text string) string {
	if text == "0" {
		return "v0.0.0-0"
	}
	return "v" + strings.TrimPrefix(text, "v")
}

// Affected says whether a version lies in a range, and what ends the interval that it lies in.
func affected(events []event, wanted string) (bool, string) {
	sort.SliceStable(events, func(i, j int) bool { return semver.Compare(events[i].at(), events[j].at()) < 0 })
	in, fixed := false, ""
	for _, e := range events {
		order := semver.Compare(e.at(), wanted)
		switch {
		case e.Introduced != "" && order <= 0:
			in, fixed = true, ""
		case e.Fixed != "" && order <= 0:
			in = false
		case e.Fixed != "" && in && fixed == "":
			fixed = e.Fixed
		case e.LastAffected != "" && order < 0:
			in = false
		}
	}
	return in, fixed
}

func match(path string, questions []string) {
	archive, err := zip.OpenReader(path)
	if err != nil {
		panic(err)
	}
	found := map[string]map[string]string{}
	for _, question := range questions {
		found[question] = map[string]string{}
	}
	for _, file := range archive.File {
		reader, err := file.Open()
		if err != nil {
			panic(err)
		}
		var r record
		if err := json.NewDecoder(reader).Decode(&r); err != nil {
			panic(err)
		}
		reader.Close()
		if r.Withdrawn != "" {
			continue
		}
		for _, question := range questions {
			module, at, _ := strings.Cut(question, " ")
			for _, a := range r.Affected {
				if a.Package.Ecosystem != "Go" || a.Package.Name != module {
					continue
				}
				for _, one := range a.Ranges {
					if one.Type != "SEMVER" && one.Type != "ECOSYSTEM" {
						continue
					}
					if in, fixed := affected(one.Events, canonical(at)); in {
						found[question][r.ID] = fixed
					}
				}
				for _, listed := range a.Versions {
					if _, known := found[question][r.ID]; !known && semver.Compare(canonical(listed), canonical(at)) == 0 {
						found[question][r.ID] = ""
					}
				}
			}
		}
	}
	if err := json.NewEncoder(os.Stdout).Encode(found); err != nil {
		panic(err)
	}
}

// Boundaries prints versions of modules at and beside the events of every n-th record.
func boundaries(path string, step int) {
	archive, err := zip.OpenReader(path)
	if err != nil {
		panic(err)
	}
	for i := 0; i < len(archive.File); i += step {
		reader, err := archive.File[i].Open()
		if err != nil {
			panic(err)
		}
		var r record
		if err := json.NewDecoder(reader).Decode(&r); err != nil {
			panic(err)
		}
		reader.Close()
		for _, a := range r.Affected {
			for _, one := range a.Ranges {
				for _, e := range one.Events {
					if a.Package.Ecosystem != "Go" || one.Type != "SEMVER" || !semver.IsValid(e.at()) {
						continue
					}
					release := e.at()
					if end := strings.IndexAny(release, "-+"); end >= 0 {
						release = release[:end]
					}
					for _, at := range []string{e.at(), release, release + "-0.20200101000000-abcdefabcdef", release + "+incompatible"} {
						fmt.Println(a.Package.Name, at)
					}
				}
			}
		}
	}
}

func compare(line string) {
	a, b, _ := strings.Cut(line, " ")
	switch {
	case strings.HasPrefix(a, "go"):
		if !version.IsValid(a) || !version.IsValid(b) {
			fmt.Println("invalid")
			return
		}
		fmt.Println(version.Compare(a, b))
	case !semver.IsValid(a) || !semver.IsValid(b):
		fmt.Println("invalid")
	default:
		fmt.Println(semver.Compare(a, b))
	}
}

func main() {
	if os.Args[1] == "boundaries" {
		step, _ := strconv.Atoi(os.Args[3])
		boundaries(os.Args[2], step)
		return
	}
	var lines []string
	scanner := bufio.NewScanner(os.Stdin)
	for scanner.Scan() {
		lines = append(lines, scanner.Text())
	}
	if os.Args[1] == "match" {
		match(os.Args[2], lines)
		return
	}
	for _, line := range lines {
		compare(line)
	}
}
