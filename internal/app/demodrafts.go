package app

import (
	"context"
	"strings"

	"github.com/jinyang-city/jinyang/internal/policy"
)

// demoPlan is a plan made up to show how targets are read from a text. It is no
// city's promise, and says so.
const demoPlan = `模拟文本：2025年重点工作安排（仅供演示，不是任何城市的计划）
一、2024年工作回顾
过去一年，城镇新增就业8.3万人，改造老旧小区438个，PM2.5平均浓度降至40微克/立方米。
二、2025年主要目标
地区生产总值增长5.5%左右，城镇新增就业8万人以上，城镇调查失业率控制在5.5%以内，居民收入增长与经济增长同步，单位GDP能耗下降2%左右。
三、2025年重点工作
新建改建幼儿园20所、中小学15所，新增学位1.2万个。空气质量优良天数比率达到68%以上，PM2.5平均浓度控制在39微克/立方米以下。
清徐县医院新院区9月底前建成投用，实现乡镇区域养老服务中心全覆盖。对符合条件的高校毕业生给予每人5000元创业补贴。
`

// demoDraft hands in a made-up plan, so that the review has something to show.
// It is handed in once.
func (a *App) demoDraft(ctx context.Context) error {
	drafts, who := a.drafts(), policy.System("demo")
	have, err := drafts.Drafts(ctx, who)
	if err != nil || len(have) > 0 {
		return err
	}
	_, err = drafts.Add(ctx, who, "模拟计划-simulated-2025.txt", strings.NewReader(demoPlan), 0)
	return err
}
