package disclosure
import ("testing";"fmt";"os";"encoding/csv";"slices";"time";"strconv";"github.com/jinyang-city/jinyang/internal/city")
func TestDbg(t *testing.T){
  for _, zero := range []bool{false,true} {
  for _, file := range []string{"/tmp/exam1/arb.csv","/tmp/exam1/emp.csv"} {
  f,_:=os.Open(file); recs,_:=csv.NewReader(f).ReadAll()
  r:=&release{fields:[]string{"a","b"}}
  av,bv:=[]string{},[]string{}
  n:=map[string]int64{}
  for m:=0;m<12;m++{ r.months=append(r.months, city.NewDate(2023,time.Month(1+m),1)) }
  for _,x:=range recs { if x[2]<"2023-01-01"||x[2]>"2023-12-31" {continue}; av=append(av,x[0]); bv=append(bv,x[1]); n[x[0]+x[1]+x[2]],_=strconv.ParseInt(x[3],10,64) }
  slices.Sort(av); av=slices.Compact(av); slices.Sort(bv); bv=slices.Compact(bv)
  r.values=[][]string{av,bv}
  for _,v:=range product(r.values) { for m,d:=range r.months { r.atoms=append(r.atoms, atom{v,m,n[v[0]+v[1]+d.String()]}) } }
  k:=5
  g,_:=New(k,r.fields,false,r.count)
  var all []question
  for _,a:=range append([]string{""},av...) { for _,b:=range append([]string{""},bv...) { c:=map[string]Set{}; if a!="" {c["a"]=Set{Values:[]string{a}}}; if b!="" {c["b"]=Set{Values:[]string{b}}}
    for i:=0;i<12;i++ { for j:=i;j<12;j++ { all=append(all, r.question(c,i,j)) } } } }
  known:=&knowledge{rows:map[int][]int64{}}
  told,small,smallmonth:=0,0,0
  for _,q:=range all { if g.Tells(q.cell,r.window(q)) { told++; if zero {known.add(q)} else {known.learn(vector(q.atoms))} } else if q.n>0&&q.n<int64(k) {small++; if q.from==q.to{smallmonth++}} }
  comp,cm:=0,0; ex:=""
  for _,q:=range all { if q.n>0&&q.n<int64(k)&&known.knows(vector(q.atoms)) { comp++; if q.from==q.to {cm++}; if comp<4 {ex+=fmt.Sprintf(" %v %s=%d;",q.cell,r.window(q),q.n)} } }
  fmt.Println(file,"zero",zero,"questions",len(all),"told",told,"small",small,"(months",smallmonth,") computed",comp,"months",cm,ex)
  }}
}
