import { addDataset, fileNumber, type SeedDids } from './seed-dids';

const MC = 'mc20_13TeV';
const DATA = 'data22_13p6TeV';
const PRODUCTION = 'prodsys';

const SAMPLES = [
  { dsid: 410470, physics: 'PhPy8EG_A14_ttbar_hdamp258p75_nonallhad', tags: 'e6337_s3681' },
  { dsid: 700320, physics: 'Sh_2211_Zee_maxHTpTV2_BFilter', tags: 'e8351_s3681' },
  { dsid: 700323, physics: 'Sh_2211_Zmumu_maxHTpTV2_BFilter', tags: 'e8351_s3681' },
  { dsid: 346343, physics: 'PhPy8EG_A14NNPDF23_NNPDF30ME_ttH125_allhad', tags: 'e7148_a907' },
] as const;

/** Pile-up profiles of the data-taking years 2015/16, 2017 and 2018. */
const CAMPAIGNS = ['r13144', 'r13145', 'r13167'] as const;

const RUNS = [
  { run: '00435816', period: 'periodF' },
  { run: '00435831', period: 'periodF' },
  { run: '00435854', period: 'periodF' },
  { run: '00437744', period: 'periodH' },
  { run: '00437756', period: 'periodH' },
] as const;

/** Simulated samples: one container for each sample and campaign, one or two datasets in it. */
export function addSimulation(dids: SeedDids, filesPerDataset: number): void {
  let task = 36_004_612;
  for (const sample of SAMPLES) {
    for (const campaign of CAMPAIGNS) {
      const container = `${MC}.${sample.dsid}.${sample.physics}.deriv.DAOD_PHYS.${sample.tags}_${campaign}_p5855`;
      const count = campaign === 'r13167' ? 2 : 1;
      const children: string[] = [];
      for (let part = 0; part < count; part += 1) {
        const taskId = task;
        task += 17;
        const name = `${container}_tid${taskId}_00`;
        children.push(name);
        addDataset(dids, {
          scope: MC,
          name,
          account: PRODUCTION,
          files: filesPerDataset,
          fileName: (index) => `DAOD_PHYS.${taskId}._${fileNumber(index)}.pool.root.1`,
          at: [
            { rse: 'CERN-PROD_DATADISK' },
            ...(campaign === 'r13144' ? [{ rse: 'BNL-OSG2_DATADISK' }] : []),
            ...(campaign === 'r13145' ? [{ rse: 'DESY-HH_DATADISK', every: 2 }] : []),
            ...(campaign === 'r13167' ? [{ rse: 'TRIUMF-LCG2_MCTAPE' }] : []),
          ],
        });
      }
      dids.collections.push({
        scope: MC,
        name: container,
        account: PRODUCTION,
        type: 'CONTAINER',
        open: false,
        children,
      });
    }
  }
}

/** Recorded data: period containers of run containers of datasets; raw data on tape. */
export function addRecordedData(dids: SeedDids, filesPerDataset: number): void {
  const periods = new Map<string, string[]>();
  RUNS.forEach(({ run, period }, position) => {
    const container = `${DATA}.${run}.physics_Main.deriv.DAOD_PHYS.r14190_p5855`;
    const taskId = 38_120_554 + position * 9;
    const dataset = `${container}_tid${taskId}_00`;
    addDataset(dids, {
      scope: DATA,
      name: dataset,
      account: PRODUCTION,
      files: filesPerDataset,
      fileName: (index) => `DAOD_PHYS.${taskId}._${fileNumber(index)}.pool.root.1`,
      at: [
        { rse: 'CERN-PROD_DATADISK' },
        { rse: 'BNL-OSG2_DATADISK', every: position === 0 ? 3 : 1 },
      ],
    });
    const raw = `${DATA}.${run}.physics_Main.merge.RAW`;
    addDataset(dids, {
      scope: DATA,
      name: raw,
      account: PRODUCTION,
      files: Math.ceil(filesPerDataset / 2),
      fileName: (index) => `${raw}._lb${fileNumber(index * 10).slice(2)}._SFO-ALL._0001.1`,
      at: [{ rse: 'CERN-PROD_RAW' }],
    });
    dids.collections.push({
      scope: DATA,
      name: container,
      account: PRODUCTION,
      type: 'CONTAINER',
      open: true,
      children: [dataset],
    });
    periods.set(period, [...(periods.get(period) ?? []), container]);
  });
  for (const [period, children] of periods) {
    dids.collections.push({
      scope: DATA,
      name: `${DATA}.${period}.physics_Main.PhysCont.DAOD_PHYS.grp22_v02_p5855`,
      account: PRODUCTION,
      type: 'CONTAINER',
      open: true,
      children,
    });
  }
}
